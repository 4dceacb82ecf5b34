/**
 * What a refusal says, by its code: what happened, what was kept, what to do. `{name}` is filled from the refusal's details.
 * Details that are ids or codes of their own stay out of the sentence; a page shows them in its own words.
 */
export const sentences: Record<string, { zh: string; en: string }> = {
  'role.missing': {
    zh: '您的账号没有办理此事的角色，未作任何改动。如工作需要，请联系安全管理员授予角色。',
    en: 'Your account does not have the role for this, and nothing was changed. If your work requires it, ask the security administrator.',
  },

  'role.on-behalf': {
    zh: '代单位办理时不能同时行使督查权限，未作任何改动。请取消“代办”后再操作。',
    en: 'While you act on behalf of a unit you cannot decide as a supervisor, and nothing was changed. Please stop acting for the unit first.',
  },
  'guideline.superseded': {
    zh: '文件已被新版本取代，不能再办理；原有记录均已保留。请打开新版本。',
    en: 'A newer version has taken the place of this guideline, so it takes no more acts; its records are kept. Please open the newer version.',
  },
  'guideline.previous-not-issued': {
    zh: '只有已下发且未被取代的文件才能有新版本，未作任何改动。请核对所选的原文件。',
    en: 'Only a guideline that is issued and not yet superseded can have a next version; nothing was changed. Please check which guideline you chose.',
  },
  'unit.merge-into-itself': {
    zh: '单位不能并入自身，未作任何改动。请选择另一家单位。',
    en: 'A unit cannot be merged into itself, and nothing was changed. Please choose another unit.',
  },
  'assignment.target-on-task': {
    zh: '接收单位已在该任务中（或曾被撤销），不能改派给它；原分工保持不变。请选择其他单位。',
    en: 'That unit is on this task already, or was released from it, so it cannot take the share over; the share stays where it is. Please choose another unit.',
  },

  'guideline.unknown': {
    zh: '未找到这份政策文件。请返回文件列表重新查找。',
    en: 'This guideline was not found. Please go back to the list and look for it there.',
  },
  'guideline.issued': {
    zh: '文件已经下发，清单和文件信息不能再改；已下发的任务保持不变。如需调整，请在任务中改派、撤销或修改期限。',
    en: 'The guideline has been issued, so its lists and details are fixed; its tasks stay as they are. Make changes on the tasks: transfer, release, or set another date.',
  },
  'guideline.withdrawn': {
    zh: '文件已经撤回，不能再办理；原有记录均已保留。',
    en: 'The guideline has been withdrawn and takes no further action; everything recorded has been kept.',
  },
  'guideline.imported-before': {
    zh: '这份文件此前已导入，标题为《{title}》，未重复导入。请直接打开该文件。',
    en: 'This document was imported before as “{title}” and was not imported again. Please open that one.',
  },
  'guideline.nothing-to-issue': {
    zh: '文件中没有可下发的责任清单，尚未下发。请先核对清单是否识别完整。',
    en: 'The guideline has no responsibility list left to issue, so nothing was issued. Please check whether its lists were read completely.',
  },
  'guideline.unsure': {
    zh: '清单 {lists} 尚有存疑之处或没有责任单位，文件尚未下发。请逐条核对确认后再下发。',
    en: 'Lists {lists} are still in doubt or name no unit, so nothing was issued. Please check and confirm each of them first.',
  },
  'guideline.unit-not-registered': {
    zh: '以下单位不在单位库中：{units}，文件尚未下发。请先登记单位、补充别名，或更正清单。',
    en: 'These units are not in the register: {units}. Nothing was issued. Please register them, add an alias, or correct the list.',
  },
  'guideline.collective-without-members': {
    zh: '以下统称尚未设置成员单位：{units}，文件尚未下发。请先设置成员单位，否则任务无人承办。',
    en: 'These collectives have no member units yet: {units}. Nothing was issued. Please name their members first, or nobody would receive the task.',
  },

  'draft.unknown': {
    zh: '清单 {list} 不在待核清单之中，可能已被剔除、拆分或合并，未作任何改动。请刷新页面后再试。',
    en: 'List {list} is no longer among the drafts; it may have been rejected, split or merged. Nothing was changed. Please reload the page.',
  },
  'draft.merge-needs-two': {
    zh: '合并至少需要两条不同的清单，未作任何改动。请再选择一条。',
    en: 'Merging takes at least two different lists, so nothing was changed. Please choose another one.',
  },

  'task.unknown': {
    zh: '未找到这项任务。请返回督办台账重新查找。',
    en: 'This task was not found. Please look for it in the ledger.',
  },
  'task.suspended': {
    zh: '任务已暂停，暂不接受此项操作；此前的填报均已保留。请待督查室恢复任务后再办理。',
    en: 'The task is suspended and does not take this now; earlier reports are kept. Please wait until the supervision office resumes it.',
  },
  'task.closed': {
    zh: '任务已办结，不再接受此项操作；办结情况保持不变。如需继续办理，请督查室重新启动任务。',
    en: 'The task is closed and stays as it was closed. If work has to go on, the supervision office can reopen it.',
  },
  'task.withdrawn': {
    zh: '任务已撤销，不再接受此项操作；原有记录均已保留。',
    en: 'The task has been withdrawn and takes no further action; everything recorded has been kept.',
  },
  'task.not-yours': {
    zh: '贵单位不在本任务的责任清单中，意见未予记录。如有疑问，请联系督查室。',
    en: 'Your unit is not on this task, so the comment was not recorded. Please contact the supervision office if you think it should be.',
  },
  'task.unit-not-on-it': {
    zh: '所选单位中有不承办本任务的，催办或批示尚未发出。请只选择本任务的牵头、配合等责任单位。',
    en: 'Some of the chosen units are not on this task, so nothing was sent. Please choose only units that the task names.',
  },
  'task.leads-not-verified': {
    zh: '尚有牵头单位未销号，任务未办结。请先逐一销号，或以“未完成”办结并说明原因。',
    en: 'Some lead units have not been verified, so the task was not closed. Please verify them first, or close it as not completed and say why.',
  },
  'task.without-leads': {
    zh: '本任务已没有牵头单位，不能以“完成”办结，任务保持原状。请重新分派牵头单位，或以“未完成”办结并说明原因。',
    en: 'No lead unit is left on this task, so it cannot be closed as completed and stays as it was. Please assign a lead unit, or close it as not completed and say why.',
  },

  'assignment.unknown': {
    zh: '未找到这项分工。请返回待办列表重新查找。',
    en: 'This assignment was not found. Please look for it on the to-do list.',
  },
  'assignment.exists': {
    zh: '该单位已在本任务中承担另一角色，原分工保持不变。请另选单位，或维持原角色。',
    en: 'The unit already has another role on this task, which stays as it is. Please choose another unit, or leave the role as it is.',
  },
  'assignment.not-yours': {
    zh: '这项分工不属于贵单位，未作任何改动。督查员代办时，请先选定所代办的单位。',
    en: 'This assignment is not your unit’s, and nothing was changed. A supervisor who acts for a unit has to choose that unit first.',
  },
  'assignment.heads-only': {
    zh: '此事须由单位负责人办理，未作任何改动。请提请贵单位负责人操作。',
    en: 'Only the head of the unit may do this, and nothing was changed. Please ask the head of your unit.',
  },
  'assignment.lead-only': {
    zh: '只有牵头单位或责任单位填报进展、变更状态和申请办结，本次未予记录。贵单位的工作请填入配合记录。',
    en: 'Progress, status and completion belong to the lead or responsible unit, so this was not recorded. Please enter your unit’s work as a support record.',
  },
  'assignment.support-only': {
    zh: '配合记录由配合单位或指导单位填写，本次未予记录。贵单位的工作请填入进展填报。',
    en: 'Support records are for supporting and guiding units, so this was not recorded. Please enter your unit’s work as a progress report.',
  },
  'assignment.released': {
    zh: '这项分工已撤销或改派，不能再办理；原有记录均已保留。如有疑问，请联系督查室。',
    en: 'This assignment was released or transferred and takes no further action; everything recorded has been kept. Please contact the supervision office with any question.',
  },
  'assignment.verified': {
    zh: '这项分工已经销号，不能再变更；销号结果保持不变。',
    en: 'This assignment has been verified; the result stands and cannot be changed.',
  },
  'assignment.objected': {
    zh: '贵单位已对这项分工提出异议，须待督查室答复后再办理；异议已保留。',
    en: 'Your unit has objected to this assignment. The objection is kept; please wait for the supervision office to settle it.',
  },
  'assignment.no-objection': {
    zh: '当前没有待答复的异议，可能已经答复，或分工已撤销、改派；现有结果保持不变。请刷新页面查看。',
    en: 'No objection is waiting for an answer: it may have been settled, or the assignment released or transferred. Nothing was changed; please reload the page.',
  },
  'assignment.submitted': {
    zh: '办结申请已提交，正在等待督查室销号或退回，申请保持不变。如需修改，请单位负责人先撤回申请。',
    en: 'Completion has been submitted and waits to be verified or returned; it stays as it is. To change something, the head of the unit withdraws it first.',
  },
  'assignment.not-submitted': {
    zh: '当前没有待处理的办结申请，可能已被撤回、退回或销号；现有结果保持不变。请刷新页面查看。',
    en: 'No completion is waiting: it may have been withdrawn, returned or verified. Nothing was changed; please reload the page.',
  },
  'assignment.not-in-progress': {
    zh: '只有办理中的分工可以申请办结，申请未提交。请先填报进展；如受阻，请先说明受阻已解除。',
    en: 'Only work in progress can be submitted as complete, so this was not submitted. Please report progress first, or that what blocked it is resolved.',
  },
  'assignment.blocked-without-problem': {
    zh: '状态为“受阻”时须写明存在问题，本次填报未保存。请补充问题后重新提交。',
    en: 'A blocked status needs the problem that blocks it, so the report was not saved. Please add the problem and submit again.',
  },
  'assignment.own-completion': {
    zh: '办结申请由您本人提交，不能由您销号或退回，申请保持待审。请另一位督查员办理。',
    en: 'You submitted this completion yourself, so you may not verify or return it. It is still waiting; please ask another supervisor.',
  },
  'assignment.transfer-to-itself': {
    zh: '改派的单位与现承办单位相同，分工保持不变。请选择另一单位。',
    en: 'The unit already has this assignment, so nothing was transferred. Please choose another unit.',
  },

  'unit.unknown': {
    zh: '未找到该单位。请在单位库中重新查找。',
    en: 'This unit was not found. Please look for it in the register.',
  },
  'unit.exists': {
    zh: '单位库中已有同名单位，但类别不同，未重复登记。请核对类别，或换用全称登记。',
    en: 'The register has a unit of this name and another kind, so it was not registered again. Please check the kind, or register it under its full name.',
  },
  'unit.merged': {
    zh: '该单位已并入其他单位，未作任何改动；历史记录保留当时名称。请改用并入后的单位。',
    en: 'This unit was merged into another, and nothing was changed; history keeps the name it had. Please use the unit it became part of.',
  },
  'unit.dissolved': {
    zh: '该单位已撤销，未作任何改动；历史记录保留当时名称。请选用现有单位。',
    en: 'This unit was dissolved, and nothing was changed; history keeps its name. Please use a unit that exists.',
  },
  'unit.members-of-collective': {
    zh: '只有“各市、县人民政府”这样的统称有成员单位，且必须设置成员单位；未作任何改动。请核对单位类别。',
    en: 'Only a collective, such as “all city and county governments”, has member units, and it must have them. Nothing was changed; please check the kind of unit.',
  },

  'account.unknown': {
    zh: '未找到该账号。请核对登录名。',
    en: 'This account was not found. Please check the login name.',
  },
  'account.closed': {
    zh: '该账号已注销，未作任何改动；其办理记录均已保留。',
    en: 'This account has been closed, and nothing was changed; what it did is kept in the history.',
  },
  'account.exists': {
    zh: '登录名 {login} 已被使用或曾经使用，未开设新账号。请换一个登录名。',
    en: 'The login name {login} is, or was, in use, so no account was opened. Please choose another.',
  },
  'account.own-rights': {
    zh: '不能授予、收回自己的角色，也不能注销自己的账号，未作任何改动。请另一位管理员办理。',
    en: 'Nobody grants or revokes their own roles or closes their own account. Nothing was changed; please ask another administrator.',
  },
  'account.roles-exclude': {
    zh: '系统管理员、安全管理员、审计员须由不同人员担任，且不得兼任业务角色；原有角色保持不变。请先收回有冲突的角色。',
    en: 'System administrator, security administrator and auditor exclude each other and every business role. The roles stay as they were; please revoke the conflicting one first.',
  },
};
